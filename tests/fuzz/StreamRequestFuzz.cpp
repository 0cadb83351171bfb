// What comes on the streams of an orderer and of a peer's Deliver. The first byte chooses: 0 a
// request for blocks, 1 its inner SeekInfo, 2 an envelope for Broadcast.
#include <cstdint>
#include <cstdlib>

#include "node/deliver/SeekRequest.h"
#include "node/orderer/MessageFilter.h"

namespace {

using namespace chancery;
using namespace chancery::node;

void require(bool condition) {
    if (!condition) std::abort();
}

bool isSame(const SeekInfo& a, const SeekInfo& b) {
    return a.start == b.start && a.stop == b.stop && a.failIfNotReady == b.failIfNotReady &&
           a.bestEffort == b.bestEffort && a.headersOnly == b.headersOnly;
}

void seekInfo(BytesView bytes) {
    const auto info = decodeSeekInfo(bytes);
    if (!info.ok()) return;
    const auto again = decodeSeekInfo(encodeSeekInfo(*info));
    require(again.ok() && isSame(*info, *again));
}

void seekRequest(const protocol::SharedBytes& bytes) {
    const auto request = decodeSeekRequest(bytes);
    if (!request.ok()) return;
    const Status header = checkSeekHeader(request->header, absl::FromUnixSeconds(1'800'000'000),
                                          absl::Minutes(15), true, "hash");
    require(header.ok() || !reasonOf(header).empty());
    seekInfo(request->data);
}

void broadcast(BytesView bytes) {
    const auto message = decodeBroadcastMessage(bytes);
    if (!message.ok()) return;
    (void)classify(message->header);
    require(message->size() <= bytes.size());
    const Bytes canonical = canonicalEnvelope(bytes, message->envelope);
    const auto again = decodeBroadcastMessage(canonical);
    require(again.ok() && again->envelope.payload == message->envelope.payload &&
            again->envelope.signature == message->envelope.signature);
    require(canonicalEnvelope(canonical, again->envelope) == canonical);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const protocol::SharedBytes bytes(Bytes(reinterpret_cast<const char*>(data) + 1, size - 1));
    switch (data[0] % 3) {
        case 0:
            seekRequest(bytes);
            break;
        case 1:
            seekInfo(bytes.view());
            break;
        default:
            broadcast(bytes.view());
    }
    return 0;
}
