// Preloaded into the server: it ends when whoever started it is gone, however that came about.
if (process.argv[1]?.endsWith('server-main.js')) {
  process.stdin.once('close', () => process.exit()).resume();
  process.stdin.unref?.();
}
