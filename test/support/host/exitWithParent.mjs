// Preloaded into the server. Exits when the process that started the server has ended.
if (process.argv[1]?.endsWith('server-main.js')) {
  process.stdin.once('close', () => process.exit()).resume();
  process.stdin.unref?.();
}
