#pragma once

#include "src/interfaces/Host.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

/// What Hyperledger Fabric's own `peer node start` and `orderer` (2.5) are started with, in place
/// of node.yaml: core.yaml or orderer.yaml with FABRIC_CFG_PATH as the node's folder. Certificates
/// stand below msp/ and tls/ as for our own nodes. Peers find external builders for our contract
/// host and for chaincode as a service in builders/. FAILED_PRECONDITION (PORT_NEEDED): Fabric's
/// programs do not tell which port they have chosen, so each must be fixed.
Status addFabricSettings(const NetworkFolder& network, const NetworkNode& node,
                         interfaces::NodePlan& plan);

}  // namespace chancery::usecase
