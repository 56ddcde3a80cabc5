/** Waiting that ends. */

/**
 * Resolves when `promise` has, or after `ms`. No timer is left behind: one would keep a process that has
 * closed everything from ending until it is over.
 */
export async function waitAtMost(ms: number, promise: Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  try {
    await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
