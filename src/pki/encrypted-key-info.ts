/*
 * The ASN.1 around an encrypted private key: EncryptedPrivateKeyInfo (RFC 5958 section 3) with
 * PBES2-params (RFC 8018 appendix A.4) and scrypt-params (RFC 7914 section 7.1). Called by
 * root-key-file.ts, and loaded only there: the ASN.1 library is slow to start.
 */
import {
  AsnConvert,
  AsnProp,
  AsnPropTypes,
  AsnType,
  AsnTypeTypes,
  OctetString,
} from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";

const PBES2 = "1.2.840.113549.1.5.13";
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
const AES_256_CBC = "2.16.840.1.101.3.4.1.42";

/** What went into the encryption, and what came out. */
export interface EncryptedKey {
  readonly salt: Uint8Array;
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** The DER of an EncryptedPrivateKeyInfo. */
export function encryptedKeyInfo(key: EncryptedKey): Buffer {
  const derivation = new ScryptParams();
  derivation.salt = new OctetString(key.salt);
  derivation.costParameter = key.N;
  derivation.blockSize = key.r;
  derivation.parallelizationParameter = key.p;
  const scheme = new Pbes2Params();
  scheme.keyDerivationFunc = algorithm(SCRYPT, derivation);
  scheme.encryptionScheme = algorithm(AES_256_CBC, new OctetString(key.iv));
  const info = new EncryptedPrivateKeyInfo();
  info.encryptionAlgorithm = algorithm(PBES2, scheme);
  info.encryptedData = new OctetString(key.encrypted);
  return Buffer.from(AsnConvert.serialize(info));
}

function algorithm(id: string, parameters: unknown): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: id, parameters: AsnConvert.serialize(parameters) });
}

class ScryptParams {
  salt = new OctetString();
  costParameter = 0;
  blockSize = 0;
  parallelizationParameter = 0;
}
sequence(ScryptParams, {
  salt: OctetString,
  costParameter: AsnPropTypes.Integer,
  blockSize: AsnPropTypes.Integer,
  parallelizationParameter: AsnPropTypes.Integer,
});

class Pbes2Params {
  keyDerivationFunc = new AlgorithmIdentifier();
  encryptionScheme = new AlgorithmIdentifier();
}
sequence(Pbes2Params, {
  keyDerivationFunc: AlgorithmIdentifier,
  encryptionScheme: AlgorithmIdentifier,
});

class EncryptedPrivateKeyInfo {
  encryptionAlgorithm = new AlgorithmIdentifier();
  encryptedData = new OctetString();
}
sequence(EncryptedPrivateKeyInfo, {
  encryptionAlgorithm: AlgorithmIdentifier,
  encryptedData: OctetString,
});

/** Says that a class is an ASN.1 SEQUENCE of these fields; what the library's decorators do, without their syntax. */
function sequence<T extends object>(
  type: new () => T,
  fields: { readonly [K in keyof T]: Parameters<typeof AsnProp>[0]["type"] },
): void {
  AsnType({ type: AsnTypeTypes.Sequence })(type);
  for (const [name, field] of Object.entries(fields)) {
    AsnProp({ type: field as Parameters<typeof AsnProp>[0]["type"] })(type.prototype, name);
  }
}
