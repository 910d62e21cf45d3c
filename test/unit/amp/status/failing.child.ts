import { workerData } from 'node:worker_threads';

const { body } = workerData as { readonly body: Uint8Array };
throw Object.assign(new Error('no'), { code: body.at(-1) === 0x20 ? 'ERR_WORKER_OUT_OF_MEMORY' : 'ELSE' });
