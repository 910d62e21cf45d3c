import { open, rm } from 'node:fs/promises';

/** Writes a body to a new file as it comes, holding one piece at a time. Where it cannot be written to its end, no file is left. */
export async function toFile(path: string, body: AsyncIterable<Uint8Array>, told: (bytes: number) => void): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let bytes = 0;
    for await (const piece of body) {
      await file.writeFile(piece);
      bytes += piece.length;
      told(bytes);
    }
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
