'use strict';

// The contract beside as a service: `node service.js [certificate key [client CAs]]` listens on a
// free port, with TLS when it has a certificate and asking for clients' when it has their CAs. It
// says "READY <port>", and learns from the first line of standard input under which package id it
// serves. The id depends on the port, so npm's own command line, which wants both, would need a port
// from somewhere else. End of input ends it.

const grpc = require('@grpc/grpc-js');
const Bootstrap = require('fabric-shim/lib/contract-spi/bootstrap');
const fs = require('node:fs');
const readline = require('node:readline');

const options = { ccid: '', address: '127.0.0.1:0' };
const [cert, key, clientCACerts] = process.argv.slice(2).map((file) => fs.readFileSync(file));
if (cert) options.tlsProps = { cert, key, clientCACerts };
let port = 0;
const bindAsync = grpc.Server.prototype.bindAsync;
grpc.Server.prototype.bindAsync = function (address, credentials, done) {
    bindAsync.call(this, address, credentials, (error, bound) => {
        port = bound;
        done(error, bound);
    });
};

async function main() {
    const { contracts, serializers, title, version } = Bootstrap.getInfoFromContract(__dirname);
    await Bootstrap.register(contracts, serializers, {}, title, version, options, true);
    console.log(`READY ${port}`);
    readline
        .createInterface({ input: process.stdin })
        .on('line', (line) => { options.ccid = line.trim(); })
        .on('close', () => process.exit(0));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
