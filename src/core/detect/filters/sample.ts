/** Secrets that stand in documentation or that emulators ship: everybody has them. By hash, so that none stands here. */
import { sha256 } from '../../hash.ts';
import type { CandidateFilter } from './candidate.ts';
import { secretBody } from './secret-body.ts';

export const sample: CandidateFilter = {
  name: 'sample',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    const { secret } = candidate;
    const body = secretBody(candidate);
    const [, payload, signature] = secret.split('.');
    return (
      known.has(digest(secret)) ||
      (body !== secret && known.has(digest(body))) ||
      // A token's payload is the sample; people sign it with keys of their own.
      (payload !== undefined && signature !== undefined && known.has(digest(payload)))
    );
  },
};

/** 64 bits of SHA-256: far too few to find a secret by chance, enough to know one again. */
function digest(text: string): string {
  const bare = text.startsWith('0x') ? text.slice(2) : text;
  return sha256(bare).toString('hex', 0, 8);
}

const known = new Set([
  '1a5d44a2dca19669', // AWS documentation: access key id
  'cb20d34a7adda2f5', // AWS documentation: temporary access key id
  '78314b11be2e5815', // AWS documentation: secret access key
  'c6ea27c534f993d3', // AWS documentation: second access key id
  'e21b597ba6b9cafa', // AWS documentation: second secret access key
  '2cafc0970149a84f', // Stripe documentation: test secret key
  'f2d6ca16515033e5', // Stripe documentation: older test secret key
  'b1471f544ceeea31', // Stripe documentation: older test publishable key
  '7e498f91828a193c', // GitHub documentation: body of the sample tokens
  '0011cc25eb432071', // Azure Storage emulator (Azurite): account key
  'aa6547439583c3a2', // Azure Cosmos DB emulator: account key
  '03b970ed8171d73b', // reCAPTCHA documentation: test site key
  'f5e95c9954635b65', // reCAPTCHA documentation: test secret key
  '3373cfa8cfd3d256', // jwt.io: payload
  '9cad21446b79d6b1', // jwt.io: payload with admin
  '25be1edd45a3a982', // jwt.io: payload with admin and time
  '32cd61d7a4d1ae9f', // RFC 7519: payload
  '92511ce2ebd0cc50', // Supabase local development: payload of the anonymous key
  'bc67d2e400edf3d5', // Supabase local development: payload of the service key
  '549c9390539efcfa', // RFC 6238: shared secret in base 32
  '8be5d113c0871ce1', // Google Authenticator documentation: shared secret
  '15cef4b629cc2d07', // RFC 6455: WebSocket key
  '7f44193a6edea087', // RFC 6455: WebSocket GUID
  '6c96130f130ab0d6', // RFC 6749: access token
  '00cf4c781dc37003', // RFC 6749: refresh token
  'ca7459e2b26776de', // RFC 6749: client credentials
  'cf4d418ed3de92d7', // RFC 7617: Basic credentials
  'bc1a50966c9e6486', // Hardhat: first development account
  '8335c55334821eef', // Hardhat: second development account
  'f215faf9d88b7f0a', // MD5 of nothing
  '07e23ede2756aa3f', // SHA-1 of nothing
  'cd372fb85148700f', // SHA-256 of nothing
  '2a5049ed45b47005', // SHA-512 of nothing
]);
