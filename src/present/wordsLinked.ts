/** Strings for links to runs; part of `words`. */
export const wordsLinked = {
  linkUnknown: "Can't open the link: it isn't a link to a run.",
  linkHoldsMore: "Can't open the link: it may contain only a deployment URL and a kickoff ID. Tokens are never accepted from links.",
  linkWithoutUrl: "Can't open the link: it doesn't contain a deployment URL.",
  linkWithoutId: "Can't open the link: it doesn't contain a kickoff ID.",
  linkQuestion: 'Add the deployment from this link?',
  linkDetail:
    "You haven't added this deployment yet. If you add it, the run is tracked, and any token you enter is sent to this URL. Compare this URL with the one on the deployment's Status tab in AMP.",
  linkGoOn: 'Add Deployment',
} as const;
