'use strict';

// The contract beside as a service: `node service.js` listens on a free port, says "READY <port>",
// and learns from the first line of standard input under which package id it serves. The id depends
// on the port, so npm's own command line, which wants both, would need a port from somewhere else.
// End of input ends it.

const grpc = require('@grpc/grpc-js');
const Bootstrap = require('fabric-shim/lib/contract-spi/bootstrap');
const readline = require('node:readline');

const options = { ccid: '', address: '127.0.0.1:0' };
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
