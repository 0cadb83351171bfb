'use strict';

const grpc = require('@grpc/grpc-js');
const { connect, hash, signers } = require('@hyperledger/fabric-gateway');
const crypto = require('node:crypto');
const { profileOf, identityOf } = require('./common');

/** A connection of @hyperledger/fabric-gateway to the peer of an organisation. */
function gatewayOf(organisation, user) {
    const profile = profileOf(organisation);
    const peer = profile.peers[profile.organizations[organisation].peers[0]];
    const client = new grpc.Client(new URL(peer.url).host,
        grpc.credentials.createSsl(Buffer.from(peer.tlsCACerts.pem)));
    const identity = identityOf(organisation, user);
    const gateway = connect({
        client,
        hash: hash.sha256,
        identity: { mspId: identity.mspId, credentials: Buffer.from(identity.credentials.certificate) },
        signer: signers.newPrivateKeySigner(crypto.createPrivateKey(identity.credentials.privateKey)),
    });
    return { gateway, close() { gateway.close(); client.close(); } };
}

module.exports = { gatewayOf };
