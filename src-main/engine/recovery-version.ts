/**
 * Raise it with every change after which the same fingerprints may give another graph (test/golden shows it): graphs
 * that were kept under another version are recovered again.
 */
export const RECOVERY_VERSION = 4
