'use strict';

// Waits until the peers of both organisations know of each other that they can run the contract: after
// a deployment they learn it of each other within a second.

const { setTimeout: pause } = require('node:timers/promises');
const { channel, contract: contractName, report } = require('./common');
const { gatewayOf } = require('./connect');

async function endorses(contract) {
    try {
        await contract.newProposal('Whoami').endorse();
        return true;
    } catch (error) {
        if (!/not installed on sufficient peers/.test(error.message)) throw error;
        return false;
    }
}

report(async () => {
    for (const organisation of ['Org1', 'Org2']) {
        const { gateway, close } = gatewayOf(organisation, 'User1');
        const contract = gateway.getNetwork(channel).getContract(contractName);
        while (!(await endorses(contract))) await pause(50);
        close();
    }
    return 'ready';
});
