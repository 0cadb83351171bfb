'use strict';

const { Gateway, Wallets } = require('fabric-network');
const { channel, contract: contractName, profileOf, walletFolder, report, errorOf } =
    require('./common');

const json = (bytes) => JSON.parse(bytes.toString());

async function connected(organisation) {
    const gateway = new Gateway();
    await gateway.connect(profileOf(organisation), {
        wallet: await Wallets.newFileSystemWallet(walletFolder(organisation)),
        identity: 'User1',
        discovery: { enabled: true, asLocalhost: true },
    });
    return gateway;
}

report(async () => {
    const gateway = await connected('Org1');
    const network = await gateway.getNetwork(channel);
    const contract = network.getContract(contractName);

    const events = [];
    let all;
    const seen = new Promise((resolve) => { all = resolve; });
    await contract.addContractListener(async (event) => {
        const status = event.getTransactionEvent().status;
        events.push([event.eventName, json(event.payload).id, status]);
        if (events.length === 2) all();
    });
    let block;
    const blockSeen = new Promise((resolve) => { block = resolve; });
    await network.addBlockListener(async (event) => { block(event.blockData !== undefined); });

    const transaction = contract.createTransaction('Create');
    const created = await transaction.submit('l1', 'legacy');
    const there = await network.getContract('qscc')
        .evaluateTransaction('GetTransactionByID', channel, transaction.getTransactionId());
    await contract.createTransaction('Create').setEndorsingOrganizations('Org1MSP', 'Org2MSP')
        .submit('l2', 'legacy');
    await seen;

    const other = await connected('Org2');
    const theirs = (await other.getNetwork(channel)).getContract(contractName);
    const refused = await errorOf(contract.submitTransaction('Refuse', 'why'));
    const result = {
        created: created.toString(),
        read: json(await contract.evaluateTransaction('Read', 'l1')),
        readByOther: json(await theirs.evaluateTransaction('Read', 'l2')),
        whoami: json(await theirs.evaluateTransaction('Whoami')),
        events,
        block: await blockSeen,
        inLedger: there.length > 0,
        refused: refused.message.includes('refused: why'),
        refusedAgain: (await errorOf(theirs.evaluateTransaction('Refuse', 'again'))).message,
    };
    other.disconnect();
    gateway.disconnect();
    return result;
});
