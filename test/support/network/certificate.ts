import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A private key and its self-signed certificate, as PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Returns a self-signed certificate for these hosts with a new key, so that the repository contains no key. */
export function selfSigned(...hosts: readonly [string, ...string[]]): Identity {
  const name = named(hosts[0]);
  const others = hosts.map((host) => der(0x82, Buffer.from(host)));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const facts = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    der(0x30, utc(-1), utc(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, der(0x30, objectId('551d11'), der(0x04, der(0x30, ...others))))),
  );
  const signature = sign('sha256', facts, privateKey);
  const whole = der(0x30, facts, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem(whole) };
}

/** Returns an ASN.1 value in DER encoding: tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

const ecdsaWithSha256 = der(0x30, objectId('2a8648ce3d040302'));

function named(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, objectId('550403'), der(0x0c, Buffer.from(commonName)))));
}

/** Returns the time `days` days from now as an ASN.1 `UTCTime`. */
function utc(days: number): Buffer {
  const moment = new Date(Date.now() + days * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${moment.replace(/\D/g, '').slice(2, 14)}Z`));
}

function pem(bytes: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
