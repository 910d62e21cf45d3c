// Parsers of the user's texts and files. Loaded with the first paste or import.
export { containsCutId, namesDashboard, parsePaste, runFromProgram } from './paste';
export { tokenFor } from './pastedTokens';
export { envText, longestEnvFile } from './envFile';
export { importPlan } from './importPlan';
