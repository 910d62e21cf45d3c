import { StatusReader } from '#amp/status/statusReader';
import { JobFailure, type JobThread } from '#core/lib/jobThread';

/** A thread that can't start. */
export const noThread: JobThread = { run: () => Promise.reject(new JobFailure('failed')) };

/** A reader that parses everything on this thread. */
export const readingHere = new StatusReader(noThread);
