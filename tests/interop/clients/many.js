'use strict';

// Many clients of two organisations at once, each with its own connection, some that only read.

const { channel, contract: contractName, report } = require('./common');
const { gatewayOf } = require('./connect');

const kWriters = 8;
const kEach = 5;

async function write(number) {
    const { gateway, close } = gatewayOf(number % 2 === 0 ? 'Org1' : 'Org2', 'User1');
    const contract = gateway.getNetwork(channel).getContract(contractName);
    const keys = Array.from({ length: kEach }, (_, i) => `m${number}-${i}`);
    await Promise.all(keys.map((key) => contract.submitTransaction('Create', key, String(number))));
    const read = await Promise.all(keys.map((key) => contract.evaluateTransaction('Read', key)));
    close();
    return read.filter((bytes) => JSON.parse(Buffer.from(bytes).toString()).value === String(number)).length;
}

async function readUntil(state) {
    const { gateway, close } = gatewayOf('Org2', 'User1');
    const contract = gateway.getNetwork(channel).getContract(contractName);
    let reads = 0;
    do {
        await contract.evaluateTransaction('Range', 'm', 'n');
        ++reads;
    } while (!state.done);
    close();
    return reads > 0;
}

report(async () => {
    const state = { done: false };
    const reading = [readUntil(state), readUntil(state)];
    const written = await Promise.all(Array.from({ length: kWriters }, (_, number) => write(number)));
    state.done = true;
    const read = await Promise.all(reading);
    const { gateway, close } = gatewayOf('Org1', 'User1');
    const range = await gateway.getNetwork(channel).getContract(contractName)
        .evaluateTransaction('Range', 'm', 'n');
    close();
    return {
        written,
        read,
        inState: JSON.parse(Buffer.from(range).toString()).length,
    };
});
