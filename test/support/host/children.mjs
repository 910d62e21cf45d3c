import { execFile } from 'node:child_process';

/** Runs a program until it ends. Returns its exit code, or a text if the program couldn't be started, and its output. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    execFile(command, args, { ...options, maxBuffer: Infinity }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 1) : 0, output: `${stdout}${stderr || (error?.message ?? '')}` }),
    );
  });
}
