'use strict';

// Peers of both organisations endorse at the first call after a deployment: nobody has to wait until they know of each
// other that they can run the contract.

const { channel, contract: contractName, report } = require('./common');
const { gatewayOf } = require('./connect');

report(async () => {
    for (const organisation of ['Org1', 'Org2']) {
        const { gateway, close } = gatewayOf(organisation, 'User1');
        await gateway.getNetwork(channel).getContract(contractName).newProposal('Whoami').endorse();
        close();
    }
    return 'ready';
});
