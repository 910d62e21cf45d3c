import { open, rm } from 'node:fs/promises';

/** Saves a response in pieces, because the whole response may be too large for memory. Deletes an incomplete file. */
export async function saveToFile(path: string, body: AsyncIterable<Uint8Array>, onProgress: (bytes: number) => void): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let bytes = 0;
    for await (const piece of body) {
      await file.writeFile(piece);
      bytes += piece.length;
      onProgress(bytes);
    }
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
