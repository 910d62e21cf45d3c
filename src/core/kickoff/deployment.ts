declare const brand: unique symbol;

/** A base URL in the canonical form that `canonicalUrl` returns. */
export type DeploymentUrl = string & { readonly [brand]: 'DeploymentUrl' };

/** The key of a deployment, which stays the same when the URL or the label changes. */
export type DeploymentKey = number & { readonly [brand]: 'DeploymentKey' };

export interface Deployment {
  readonly key: DeploymentKey;
  readonly url: DeploymentUrl;
  readonly label: string;
  /** The URL of the deployment's page in AMP, to open in a browser. */
  readonly page?: string;
  /** The time of the last change of the URL. Earlier responses don't prove that the URL is right. */
  readonly urlSince?: number;
  /** The names of the inputs as last read from this URL. */
  readonly inputNames?: readonly string[];
}

export type DeploymentChange = Partial<Omit<Deployment, 'key'>>;

/** Read access to the stored bearer tokens. */
export interface Tokens {
  get(url: DeploymentUrl): Promise<string | undefined>;
}
