'use strict';

// node <client>.js FOLDER CHANNEL CONTRACT prints one line of JSON: what came of each call. Only what
// is the same each time belongs into it.

const fs = require('node:fs');
const path = require('node:path');

const [folder, channel, contract] = process.argv.slice(2);

function profileOf(organisation) {
    return JSON.parse(fs.readFileSync(path.join(folder, 'profiles', `connection-${organisation}.json`)));
}

function walletFolder(organisation) {
    return path.join(folder, 'wallets', organisation);
}

/** The identity in a file wallet, as npm's fabric-network writes it. */
function identityOf(organisation, user) {
    return JSON.parse(fs.readFileSync(path.join(walletFolder(organisation), `${user}.id`)));
}

/** Prints what `work` comes to, and ends. */
function report(work) {
    work().then(
        (result) => { process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0)); },
        (error) => {
            console.error(error, error.details, error.errors, error.responses);
            process.exit(1);
        });
}

/** The error of a call that must fail. */
async function errorOf(promise) {
    let result;
    try {
        result = await promise;
    } catch (error) {
        return error;
    }
    throw new Error(`this should have been refused: ${result}`);
}

module.exports = { folder, channel, contract, profileOf, walletFolder, identityOf, report, errorOf };
