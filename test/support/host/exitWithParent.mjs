// Preloaded into the server: it exits when the process that started it is gone.
if (process.argv[1]?.endsWith('server-main.js')) {
  process.stdin.once('close', () => process.exit()).resume();
  process.stdin.unref?.();
}
