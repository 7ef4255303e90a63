/** Whether what is encoded is decoded. It can be turned off to measure what it costs; whoever did not mean that must be told. */

export const decodersVariable = 'KEYWARDEN_DECODERS';

export function isDecoding(): boolean {
  return process.env[decodersVariable] !== 'off';
}
