/** Names of this machine itself. Says nothing of what a resolver makes of other names. */

/** `hostname` as URL gives it: small letters, IPv4 in four parts, IPv6 in brackets. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
