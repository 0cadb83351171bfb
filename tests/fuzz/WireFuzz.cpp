// Bytes from anywhere through scanner, parser and canonical test. The first byte chooses the
// message.
#include <fabric/common/common.pb.h>
#include <fabric/common/configtx.pb.h>
#include <fabric/common/policies.pb.h>
#include <fabric/discovery/protocol.pb.h>
#include <fabric/gateway/gateway.pb.h>
#include <fabric/gossip/message.pb.h>
#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/ledger/rwset/rwset.pb.h>
#include <fabric/orderer/ab.pb.h>
#include <fabric/orderer/cluster.pb.h>
#include <fabric/orderer/etcdraft/metadata.pb.h>
#include <fabric/orderer/raftpb.pb.h>
#include <fabric/peer/chaincode_shim.pb.h>
#include <fabric/peer/events.pb.h>
#include <fabric/peer/lifecycle/lifecycle.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>
#include <fabric/peer/transaction.pb.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "src/wire/Parse.h"
#include "src/wire/Scan.h"
#include "src/wire/Serialize.h"

using namespace chancery;
namespace pb = google::protobuf;

namespace {

const pb::Message& typeOf(std::uint8_t choice) {
    static const std::array<const pb::Message*, 18> types = {
        &common::Block::default_instance(),
        &common::Envelope::default_instance(),
        &common::Payload::default_instance(),
        &common::ConfigEnvelope::default_instance(),
        &common::ConfigUpdate::default_instance(),
        &common::SignaturePolicyEnvelope::default_instance(),
        &protos::Transaction::default_instance(),
        &protos::ChaincodeMessage::default_instance(),
        &protos::ProposalResponse::default_instance(),
        &protos::DeliverResponse::default_instance(),
        &kvrwset::KVRWSet::default_instance(),
        &rwset::TxReadWriteSet::default_instance(),
        &gossip::GossipMessage::default_instance(),
        &gateway::EndorseRequest::default_instance(),
        &discovery::Response::default_instance(),
        &lifecycle::QueryInstalledChaincodesResult::default_instance(),
        &orderer::StepRequest::default_instance(),
        &raftpb::Message::default_instance(),
    };
    return *types[choice % types.size()];
}

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const pb::Message& type = typeOf(data[0]);
    const wire::MessagePlan& plan = wire::planFor(*type.GetDescriptor());
    std::unique_ptr<pb::Message> message(type.New());
    const Status status = wire::parseInto(*message, bytes, "input");
    const bool identical = wire::reencodesIdentically(plan, bytes);
    if (!status.ok()) {
        require(!identical);
        require(!reasonOf(status).empty() && !argumentOf(status, "path").empty());
        require(argumentOf(status, "problem") != "refused");  // scanner and decoder agree
        return 0;
    }
    const auto report = wire::scan(plan, bytes, "input", wire::kDefaultLimits);
    require(report.ok());
    require(message->SpaceUsedLong() <= report->knownCost + report->unknownCost + 64);
    // What we write we read again, and it is canonical.
    const Bytes again = wire::serialize(*message);
    message.reset();  // what one message takes is measured, not two
    const std::unique_ptr<pb::Message> second(type.New());
    require(wire::parseInto(*second, again, "again").ok());
    require(wire::serialize(*second) == again);
    if (type.GetDescriptor()->file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO3)
        require(wire::reencodesIdentically(plan, again));  // proto2 puts unnamed enum values last
    // And canonical bytes are what we write, as long as nothing unknown is among them.
    if (identical && report->unknownCost == 0) require(again == bytes);
    return 0;
}
