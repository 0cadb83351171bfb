'use strict';

const grpc = require('@grpc/grpc-js');
const { checkpointers } = require('@hyperledger/fabric-gateway');
const crypto = require('node:crypto');
const { channel, contract: contractName, report, errorOf } = require('./common');
const { gatewayOf } = require('./connect');

const text = (bytes) => Buffer.from(bytes).toString();
const json = (bytes) => JSON.parse(text(bytes));

/** What a client can tell its user of a refusal. */
function told(error) {
    return {
        kind: error.name,
        code: grpc.status[error.code],
        message: error.message,
        details: error.details.map(({ mspId, message }) => ({ mspId, message })),
    };
}

async function take(events, count, see = async () => {}) {
    const taken = [];
    if (count === 0) return taken;
    for await (const event of events) {
        await see(event);
        taken.push(event);
        if (taken.length === count) break;
    }
    events.close();
    return taken;
}

async function submits(contract) {
    const commit = await contract.submitAsync('Create', { arguments: ['a', 'first'] });
    const status = await commit.getStatus();
    return {
        block: status.blockNumber,
        told: {
            result: text(commit.getResult()),
            code: status.code,
            successful: status.successful,
            sameTransaction: status.transactionId === commit.getTransactionId(),
            update: text(await contract.submitTransaction('Update', 'a', 'second')),
            read: json(await contract.evaluateTransaction('Read', 'a')),
            history: json(await contract.evaluateTransaction('History', 'a')),
            whoami: json(await contract.evaluateTransaction('Whoami')),
        },
    };
}

async function queries(contract) {
    for (const id of ['b', 'c', 'd']) await contract.submitTransaction('Create', id, 'many');
    await contract.submitTransaction('Delete', 'd');
    return {
        range: json(await contract.evaluateTransaction('Range', 'a', 'z')),
        query: json(await contract.evaluateTransaction('Query', 'many')),
        history: json(await contract.evaluateTransaction('History', 'd')),
        put: text(await contract.submitTransaction('Ask', 'keys', '["put","k","asked"]')),
        got: text(await contract.evaluateTransaction('Ask', 'keys', '["get","k"]')),
    };
}

/** The second of two transactions that read the same version is committed as invalid. */
async function conflict(contract) {
    const both = await Promise.all(['x', 'y'].map((value) =>
        contract.newProposal('Update', { arguments: ['b', value] }).endorse()));
    const codes = [];
    for (const transaction of both) {
        const commit = await transaction.submit();
        codes.push((await commit.getStatus()).code);
    }
    return { codes, read: json(await contract.evaluateTransaction('Read', 'b')).value };
}

async function secrets(contract) {
    await contract.submit('CreateSecret', {
        arguments: ['s'],
        transientData: { secret: Buffer.from('hidden') },
        endorsingOrganizations: ['Org1MSP'],
    });
    const evaluated = await contract.evaluate('HashOfSecret', { arguments: ['s'] });
    return {
        read: text(await contract.evaluateTransaction('ReadSecret', 's')),
        sameHash: text(evaluated) === crypto.createHash('sha256').update('hidden').digest('hex'),
    };
}

async function events(network, startBlock) {
    const created = await take(await network.getChaincodeEvents(contractName, { startBlock }), 4);
    const checkpointer = checkpointers.inMemory();
    const before = await take(await network.getChaincodeEvents(contractName, { startBlock }), 2,
        async (event) => checkpointer.checkpointChaincodeEvent(event));
    const after = await take(
        await network.getChaincodeEvents(contractName, { startBlock, checkpoint: checkpointer }), 2);
    const ids = (list) => list.map((event) => json(event.payload).id);
    const block = (await take(await network.getBlockEvents({ startBlock }), 1))[0];
    const filtered = (await take(await network.getFilteredBlockEvents({ startBlock }), 1))[0];
    const withPrivate = (await take(await network.getBlockAndPrivateDataEvents({ startBlock }), 1))[0];
    return {
        first: [created[0].eventName, created[0].chaincodeName, json(created[0].payload)],
        inItsBlock: created[0].blockNumber === startBlock,
        all: ids(created),
        before: ids(before),
        after: ids(after),
        block: BigInt(block.getHeader().getNumber()) === startBlock,
        filtered: filtered.getFilteredTransactionsList()[0].getTxid() === created[0].transactionId,
        withPrivate: BigInt(withPrivate.getBlock().getHeader().getNumber()) === startBlock,
    };
}

async function refusals(gateway, network, contract) {
    const nothing = network.getContract('nosuch');
    const nowhere = gateway.getNetwork('nosuch').getContract(contractName);
    return {
        evaluate: told(await errorOf(contract.evaluateTransaction('Refuse', 'why'))),
        submit: told(await errorOf(contract.submitTransaction('Refuse', 'why'))),
        contract: told(await errorOf(nothing.evaluateTransaction('Read', 'a'))),
        channel: told(await errorOf(nowhere.evaluateTransaction('Read', 'a'))),
    };
}

report(async () => {
    const { gateway, close } = gatewayOf('Org1', 'User1');
    const network = gateway.getNetwork(channel);
    const contract = network.getContract(contractName);
    const submitted = await submits(contract);
    const result = {
        submit: submitted.told,
        queries: await queries(contract),
        events: await events(network, submitted.block),
        conflict: await conflict(contract),
        refusals: await refusals(gateway, network, contract),
        secrets: await secrets(contract),
    };
    close();
    return result;
});
