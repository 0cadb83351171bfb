// A contract that sends whatever it likes while a transaction runs in it. The first byte: 1 it has
// registered already, 2 the transaction initialises it. Then messages, each behind its length in
// two bytes, the more significant first.
#include <cstdint>
#include <cstdlib>
#include <future>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/collection.pb.h"
#include "node/chaincode/ContractStream.h"
#include "src/protocol/Lifecycle.h"
#include "tests/fuzz/GenesisConfig.h"
#include "tests/node/chaincode/FakeState.cpp"

namespace {

using namespace chancery;
using namespace chancery::node;
using fuzz::require;
using Message = ContractStream::Message;

constexpr std::size_t kMostMessages = 64;

class SilentPipe final : public MessagePipe {
public:
    void send(Message message) override { require(message.ByteSizeLong() < (64U << 20)); }
    void close(const Status& why) override { require(!reasonOf(why).empty()); }
};

const channel::BundlePtr& bundle() {
    static const channel::BundlePtr made =
        *channel::Bundle::fromConfig(ChannelId("tradechannel"), fuzz::readGenesis());
    return made;
}

/// A contract "assets" with a collection, and a few keys of each kind.
const test::FakeState& state() {
    static const test::FakeState made = [] {
        ::protos::CollectionConfigPackage collections;
        auto* collection = collections.add_config()->mutable_static_collection_config();
        collection->set_name("c");
        collection->mutable_member_orgs_policy()->mutable_signature_policy();
        collection->set_member_only_read(true);
        protocol::ChaincodeDefinition definition;
        definition.sequence = 1;
        definition.version = "1";
        definition.collectionsBytes = collections.SerializeAsString();
        test::FakeState state;
        for (const auto& entry : protocol::encodeDefinition("assets", definition))
            state.put("_lifecycle", entry.key, entry.value);
        for (const char* key : {"a", "b", "c", "d"}) {
            state.put("assets", key, std::string("{\"key\":\"") + key + "\"}");
            state.putPrivate("assets", "c", key, "private");
        }
        return state;
    }();
    return made;
}

class OneChannel final : public ExecutionChannel {
public:
    const ChannelId& channelId() const override { return bundle()->channelId(); }
    channel::BundlePtr bundle() const override { return ::bundle(); }
    BlockNumber height() const override { return state().height; }
    Result<std::unique_ptr<StateView>> view() override { return state().view(); }
    Status checkPolicy(std::string_view, BytesView) const override { return {}; }
};

ContractStream::Surroundings surroundings(const std::shared_ptr<TaskPool>& pool) {
    ContractStream::Surroundings around;
    around.pool = pool;
    around.mayRegister = [](const std::string&) { return absl::OkStatus(); };
    around.ready = [](const ContractStreamPtr&) {};
    around.ended = [](ContractStream&, const Status&) {};
    around.callContract = [](const ExecutionPtr&, const Message& request,
                             const std::function<void(Result<Bytes>)>& done) {
        done(Bytes(request.payload()));
    };
    return around;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    // One for all inputs: a thread takes longer than most of them.
    static const auto pool = std::make_shared<TaskPool>("fuzz", 1);
    const auto stream =
        std::make_shared<ContractStream>(std::make_shared<SilentPipe>(), surroundings(pool));
    if ((data[0] & 1) != 0) {
        ::protos::ChaincodeID id;
        id.set_name("assets:1");
        Message message;
        message.set_type(Message::REGISTER);
        message.set_payload(id.SerializeAsString());
        stream->receive(std::move(message));
    }
    auto execution = std::make_shared<Execution>();
    execution->proposal = std::make_shared<protocol::UnpackedProposal>();
    execution->channel = std::make_shared<OneChannel>();
    execution->simulation = std::make_shared<Simulation>(bundle(), state().view(), TxId("t"),
                                                         Simulation::Limits{1000, 1U << 20});
    execution->contract = "assets";
    execution->isInit = (data[0] & 2) != 0;
    std::atomic<int> answers = 0;
    execution->done = [&](const Result<Message>&) { ++answers; };
    stream->begin(execution);
    std::size_t at = 1;
    for (std::size_t count = 0; at + 2 <= size && count < kMostMessages; ++count) {
        const std::size_t length = static_cast<std::size_t>(data[at]) << 8 | data[at + 1];
        at += 2;
        const std::size_t taken = std::min(length, size - at);
        Message message;
        if (message.ParseFromArray(data + at, static_cast<int>(taken)))
            stream->receive(std::move(message));
        at += taken;
    }
    std::promise<void> drained;
    pool->post([&] { drained.set_value(); });  // behind what was slow
    drained.get_future().wait();
    stream->closed(makeError(StatusCode::kUnavailable, "ENDED", "the stream has ended"));
    require(answers == 1);
    const auto finished = execution->simulation->finish();
    require(finished.ok() || !messageOf(finished.status()).empty());
    return 0;
}
