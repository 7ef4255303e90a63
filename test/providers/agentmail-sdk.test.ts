/** The issuer's own client against the local server: what it takes for right is the check of the server. */
import { AgentMailClient } from 'agentmail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgentmail, type AgentmailServer } from '../support/key-api/agentmail.ts';

let server: AgentmailServer;
let client: AgentMailClient;
let operatorId: string;

beforeAll(async () => {
  server = await startAgentmail();
  const operator = server.addKey({ name: 'operator' });
  operatorId = operator.id;
  client = new AgentMailClient({ apiKey: operator.key, baseUrl: server.origin, maxRetries: 0 });
});
afterAll(() => server.close());

describe('the official client', () => {
  it('reads who it is', async () => {
    expect(await client.auth.me()).toMatchObject({
      scopeType: 'organization',
      organizationId: server.organizationId,
      apiKeyId: operatorId,
    });
  });

  it('makes, lists and deletes keys', async () => {
    const made = await client.apiKeys.create({ name: 'made', permissions: { inboxRead: true } });
    expect(made).toMatchObject({ name: 'made', permissions: { inboxRead: true } });
    const { apiKeys } = await client.apiKeys.list();
    expect(apiKeys).toMatchObject([
      { type: 'bearer', apiKeyId: made.apiKeyId, permissions: { inboxRead: true } },
      { type: 'bearer', apiKeyId: operatorId, usedAt: expect.any(Date) },
    ]);
    await client.apiKeys.delete(made.apiKeyId);
    expect(server.keys.find(({ id }) => id === made.apiKeyId)?.isDeleted).toBe(true);
  });

  it.each([200, 204] as const)('takes an empty %d for a deletion', async (status) => {
    server.switches.deleteStatus = status;
    const { id } = server.addKey();
    await expect(client.apiKeys.delete(id)).resolves.toBeUndefined();
  });

  it('walks pages by their tokens', async () => {
    for (let count = 0; count < 3; count += 1) server.addKey();
    server.switches.hasEmptyPage = true;
    const first = await client.apiKeys.list({ limit: 2 });
    const second = await client.apiKeys.list({ limit: 2, pageToken: first.nextPageToken ?? '' });
    expect([first.count, second.apiKeys, typeof second.nextPageToken]).toEqual([2, [], 'string']);
    const third = await client.apiKeys.list({ limit: 2, pageToken: second.nextPageToken ?? '' });
    expect(third.apiKeys.length).toBeGreaterThan(0);
  });

  it('sees pods, inboxes and their keys', async () => {
    const podId = server.podIds[0] ?? '';
    const inboxId = server.inboxIds[0] ?? '';
    expect((await client.pods.list()).pods.map((one) => one.podId)).toEqual(server.podIds);
    expect((await client.inboxes.list()).inboxes.map((one) => one.inboxId)).toEqual(
      server.inboxIds,
    );
    const ofPod = await client.pods.apiKeys.create(podId, { name: 'pod' });
    const ofInbox = await client.inboxes.apiKeys.create(inboxId, { name: 'inbox' });
    expect(ofPod).toMatchObject({ podId });
    expect(ofInbox).toMatchObject({ podId, inboxId });
    expect((await client.inboxes.apiKeys.list(inboxId)).apiKeys).toHaveLength(1);
    await client.inboxes.apiKeys.delete(inboxId, ofInbox.apiKeyId);
    await client.pods.apiKeys.delete(podId, ofPod.apiKeyId);
    expect((await client.pods.apiKeys.list(podId)).apiKeys).toEqual([]);
  });

  it('tells a key that is not there as its own kind of error', async () => {
    await expect(client.apiKeys.get('nothing')).rejects.toMatchObject({
      name: 'NotFoundError',
      statusCode: 404,
      body: { code: 'not_found' },
    });
  });

  it('is refused by code', async () => {
    const apiKey = 'am_us_' + 'f'.repeat(64);
    const stranger = new AgentMailClient({ apiKey, baseUrl: server.origin, maxRetries: 0 });
    await expect(stranger.auth.me()).rejects.toMatchObject({
      statusCode: 401,
      body: { code: 'unknown_api_key' },
    });
  });
});
