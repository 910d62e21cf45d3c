/** What is said of links to runs; part of `words`. */
export const wordsLinked = {
  linkUnknown: 'The link was not followed: it is none to a run.',
  linkHoldsMore: 'The link was not followed: it may say the URL and the ID of a run, and nothing else. A token is never taken from a link.',
  linkWithoutUrl: 'The link was not followed: there is no URL of a deployment in it.',
  linkWithoutId: 'The link was not followed: there is no kickoff ID in it.',
  linkQuestion: 'Add the deployment that this link names?',
  linkDetail:
    'It is not known here. If you add it, its run is tracked, and a token that you give is sent to this address. Compare it with the one on the Status tab in AMP.',
  linkGoOn: 'Add Deployment',
} as const;
