declare const brand: unique symbol;

/** The canonical base URL of a deployment; minted by `canonicalUrl` alone. */
export type DeploymentUrl = string & { readonly [brand]: 'DeploymentUrl' };

/** Names a deployment for good, whatever becomes of its URL and label. */
export type DeploymentKey = number & { readonly [brand]: 'DeploymentKey' };

/** A crew or flow deployed on AMP. */
export interface Deployment {
  readonly key: DeploymentKey;
  readonly url: DeploymentUrl;
  readonly label: string;
}
