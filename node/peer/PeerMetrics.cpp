#include "node/peer/PeerMetrics.h"

namespace chancery::node {
namespace {

const std::vector<double> kLedgerBuckets{0.005, 0.01, 0.015, 0.05, 0.1, 1, 10};

}  // namespace

PeerMetrics::PeerMetrics(Metrics& metrics)
    : height(
          metrics.gauge("ledger_blockchain_height", "Height of the chain in blocks.", {"channel"})),
      transactions(
          metrics.counter("ledger_transaction_count", "Number of transactions processed.",
                          {"channel", "transaction_type", "chaincode", "validation_code"})),
      blockProcessing(metrics.histogram("ledger_block_processing_time",
                                        "Seconds that validation and commit of a block took.",
                                        {"channel"}, kLedgerBuckets)),
      blockCommit(metrics.histogram("ledger_blockstorage_and_pvtdata_commit_time",
                                    "Seconds that writing a block and its private data took.",
                                    {"channel"}, kLedgerBuckets)),
      proposalsReceived(
          metrics.counter("endorser_proposals_received", "Number of proposals received.")),
      proposalsSuccessful(
          metrics.counter("endorser_successful_proposals", "Number of successful proposals.")),
      proposalsInvalid(metrics.counter("endorser_proposal_validation_failures",
                                       "Number of proposals that were refused at first sight.")),
      aclFailures(metrics.counter("endorser_proposal_acl_failures",
                                  "Number of proposals whose creator lacks the right.",
                                  {"channel", "chaincode"})),
      simulationFailures(metrics.counter("endorser_proposal_simulation_failures",
                                         "Number of failed executions.", {"channel", "chaincode"})),
      duplicates(metrics.counter("endorser_duplicate_transaction_failures",
                                 "Number of proposals with the id of a known transaction.",
                                 {"channel", "chaincode"})),
      endorsementFailures(metrics.counter("endorser_endorsement_failures",
                                          "Number of executed proposals that were not endorsed.",
                                          {"channel", "chaincode", "chaincodeerror"})),
      proposalDuration(metrics.histogram("endorser_proposal_duration",
                                         "Seconds from the proposal to its response.",
                                         {"channel", "chaincode", "success"})) {}

}  // namespace chancery::node
