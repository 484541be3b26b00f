const NO_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'serial', 'usb']

/**
 * What a page of ours may load and do, whichever host sends it.
 * @param connect where it may connect to
 */
export function contentPolicy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * What goes with every answer: the page may load its own files and talk to this server, and nothing else.
 * @param host as the browser names this server, with its port
 */
export function securityHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentPolicy(`'self' ws://${host}`),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': NO_FEATURES.map((feature) => `${feature}=()`).join(', '),
    'Cache-Control': 'no-store',
  }
}
