/** Strings for the import of .env files; part of `words`. */
export const wordsImported = {
  importTitle: 'Import Deployments from .env',
  whichFile: 'Select a .env file',
  otherFileRow: 'Choose Another File…',
  openFile: 'Select',
  importPlaceholder: 'Select the deployments to import',
  bringsDeployment: 'New, with token',
  bringsDeploymentOnly: 'New, without token',
  bringsToken: 'Already added; this file has the missing token',
  bringsOtherToken: 'Already added; select to replace its saved token',
  bringsNothing: 'Already added; nothing to import',
  imported: 'Deployments imported: {0}.',
  importRefused: 'Token not saved because it was rejected by: {0}.',
  envNothing: 'No deployments found in this file. Add a line such as CREWAI_DEPLOYMENT_URL=https://my-crew-1a2b3c4d.crewai.com',
  envTooLarge: 'This file is too large (over 1 MB).',
  envBinary: "This isn't a text file.",
  envUnreadable: "Couldn't read this file.",
} as const;
