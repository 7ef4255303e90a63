import { describe, expect, it } from 'vitest';
import { assignedName, segmentsOf } from '../../../../src/core/detect/filters/assigned-name.ts';

describe('assignedName', () => {
  it.each([
    ['api_key = "', 'api_key'],
    ['API_KEY=', 'API_KEY'],
    ['  "apiKey": "', 'apiKey'],
    ["'api-key' => '", 'api-key'],
    ['token := `', 'token'],
    ['const apiKey: string = "', 'apiKey'],
    ['let key: str="', 'key'],
    ['if (token == "', 'token'],
    ['data["token"] = "', 'token'],
    ['put("token", "', 'token'],
    ['login(user, "', ''],
    ['<token>', 'token'],
    ['config.api.token: ', 'config.api.token'],
    ['Public Key: ', 'Public Key'],
    ['', ''],
    [' "', ''],
  ])('of %j is %j', (before, name) => {
    expect(assignedName(before)).toBe(name);
  });
});

describe('segmentsOf', () => {
  it.each([
    ['awsPublic_key-ID', ['aws', 'public', 'key', 'id']],
    ['HTTPToken2', ['http', 'token']],
    ['', []],
  ])('%j are %j', (name, segments) => {
    expect(segmentsOf(name)).toEqual(segments);
  });
});
