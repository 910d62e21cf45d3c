// What reads the user's texts and files: loaded together when one is first pasted or chosen.
export { capturedAll, capturedFromProgram, namesDashboard } from './capture';
export { tokenFor } from './captureToken';
export { envText, longestEnvFile } from './envText';
export { importables } from './importing';
