/** What the import of .env files says; part of `words`. */
export const wordsImported = {
  importTitle: 'Import Deployments from .env',
  whichFile: 'Which file?',
  otherFileRow: 'Another File…',
  openFile: 'Open',
  importPlaceholder: 'Which of these deployments are to be added?',
  bringsDeployment: 'new, with its token',
  bringsDeploymentOnly: 'new, without a token',
  bringsToken: 'known, and here is the token that it lacks',
  bringsOtherToken: 'known; choose it to replace the token that is kept',
  bringsNothing: 'known, nothing new',
  imported: 'Deployments imported: {0}.',
  importRefused: 'The token in that file was not kept, because it is refused by: {0}.',
  envNothing: 'There is no deployment in that file. It needs a line such as CREWAI_DEPLOYMENT_URL=https://my-crew-1a2b3c4d.crewai.com',
  envTooLarge: 'That file is over 1 MB: too large for a list of deployments.',
  envBinary: 'That file holds no text.',
  envUnreadable: 'That file could not be read.',
} as const;
