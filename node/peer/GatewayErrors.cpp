#include "node/peer/GatewayErrors.h"

#include <fmt/format.h>

#include <array>

#include "src/base/Encoding.h"
#include "src/protocol/FieldWriter.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {
namespace {

constexpr const char* kDetailUrl = "type.googleapis.com/gateway.ErrorDetail";
// All details travel in one trailer, of which clients take 8 KiB.
constexpr std::size_t kMaxMessage = 1500;

constexpr std::array<std::string_view, 17> kGoNames{
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

std::string shortened(std::string_view text) {
    return text.size() <= kMaxMessage && isUtf8(text) ? std::string(text)
                                                      : printable(text, kMaxMessage);
}

}  // namespace

Status gatewayError(StatusCode code, std::string_view sentence,
                    const std::vector<GatewayErrorDetail>& details) {
    const Status status(code, shortened(sentence));
    std::vector<rpc::StatusDetail> encoded;
    for (const auto& detail : details) {
        Bytes bytes;
        protocol::appendBytes(bytes, 1, detail.address);
        protocol::appendBytes(bytes, 2, detail.mspId.str());
        protocol::appendBytes(bytes, 3, shortened(detail.message));
        encoded.push_back({kDetailUrl, std::move(bytes)});
    }
    return rpc::withDetails(status, encoded);
}

std::string goTextOf(const Status& status) {
    const auto code = static_cast<std::size_t>(status.raw_code());
    return fmt::format(
        "rpc error: code = {} desc = {}",
        code < kGoNames.size() ? std::string(kGoNames[code]) : fmt::format("Code({})", code),
        messageOf(status));
}

}  // namespace chancery::node
