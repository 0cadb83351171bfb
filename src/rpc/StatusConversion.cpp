#include "src/rpc/StatusConversion.h"

#include <grpcpp/support/status.h>

#include <algorithm>

#include "absl/strings/cord.h"
#include "google/rpc/error_info.pb.h"
#include "google/rpc/status.pb.h"
#include "src/base/Encoding.h"
#include "src/wire/Parse.h"

namespace chancery::rpc {
namespace {

constexpr const char* kErrorInfoUrl = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr const char* kDomain = "chancery";
constexpr absl::string_view kDetailsPayload = "type.chancery/rpc-details";

// The sentence is sent twice: in grpc-message and within the details.
constexpr std::size_t kMaxSentence = 1024;
constexpr std::size_t kMaxTrailer = 4 * 1024;
constexpr std::size_t kMaxReceived = 64 * 1024;
constexpr std::size_t kMaxReason = 64;

bool isReason(std::string_view text) {
    return !text.empty() && text.size() <= kMaxReason &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
           });
}

// proto3 strings and HTTP/2 headers hold UTF-8 only.
std::string wireText(std::string_view text) {
    return text.size() <= kMaxSentence && isUtf8(text) ? std::string(text)
                                                       : printable(text, kMaxSentence);
}

google::rpc::ErrorInfo errorInfo(const Status& status) {
    google::rpc::ErrorInfo info;
    info.set_reason(reasonOf(status));
    info.set_domain(kDomain);
    std::size_t size = 0;
    for (const auto& [name, value] : argumentsOf(status)) {
        const std::string text = wireText(value);
        size += name.size() + text.size() + 8;
        if (size > kMaxTrailer / 2) break;
        auto* entry = info.add_metadata();
        entry->set_key(name);
        entry->set_value(text);
    }
    return info;
}

Status readInfo(BytesView bytes, const Status& plain, Status& result) {
    ASSIGN_OR_RETURN(const auto info, wire::parse<google::rpc::ErrorInfo>(bytes, "error info"));
    if (info.domain() != kDomain || !isReason(info.reason()))
        return makeError(StatusCode::kNotFound, "NOT_OURS", "a reason of another domain");
    ErrorArguments arguments;
    for (const auto& entry : info.metadata()) arguments.emplace_back(entry.key(), entry.value());
    result = makeError(plain.code(), info.reason(), messageOf(plain), std::move(arguments));
    return absl::OkStatus();
}

}  // namespace

Status withDetails(const Status& status, const std::vector<StatusDetail>& details) {
    if (status.ok() || details.empty()) return status;
    google::rpc::Status carrier;
    for (const auto& detail : details) {
        auto* any = carrier.add_details();
        any->set_type_url(detail.typeUrl);
        any->set_value(detail.value);
    }
    Status result = status;
    result.SetPayload(kDetailsPayload, absl::Cord(carrier.SerializeAsString()));
    return result;
}

std::vector<StatusDetail> detailsOf(const Status& status) {
    std::vector<StatusDetail> details;
    const auto payload = status.GetPayload(kDetailsPayload);
    google::rpc::Status carrier;
    if (!payload || !carrier.ParseFromString(std::string(*payload))) return details;
    for (const auto& any : carrier.details()) details.push_back({any.type_url(), any.value()});
    return details;
}

StatusOnTheWire toWire(const Status& status) {
    if (status.ok()) return {};
    google::rpc::Status details;
    details.set_code(static_cast<int>(status.code()));
    details.set_message(wireText(messageOf(status)));
    if (!reasonOf(status).empty()) {
        auto* any = details.add_details();
        any->set_type_url(kErrorInfoUrl);
        any->set_value(errorInfo(status).SerializeAsString());
    }
    for (const auto& detail : detailsOf(status)) {
        if (details.ByteSizeLong() + detail.typeUrl.size() + detail.value.size() > kMaxTrailer)
            break;
        auto* any = details.add_details();
        any->set_type_url(detail.typeUrl);
        any->set_value(detail.value);
    }
    return {details.code(), details.message(), details.SerializeAsString()};
}

Status fromWire(const StatusOnTheWire& wire) {
    if (wire.code == 0) return absl::OkStatus();
    const auto code = wire.code >= 1 && wire.code <= 16 ? static_cast<StatusCode>(wire.code)
                                                        : StatusCode::kUnknown;
    const Status plain(code, printable(wire.message));
    if (wire.details.empty() || wire.details.size() > kMaxReceived) return plain;
    const auto details = wire::parse<google::rpc::Status>(wire.details, "status details");
    if (!details.ok()) return plain;

    Status result = plain;
    std::vector<StatusDetail> others;
    bool hasReason = false;
    for (const auto& any : details->details()) {
        const bool isInfo = any.type_url() == kErrorInfoUrl && !hasReason;
        if (isInfo && readInfo(any.value(), plain, result).ok())
            hasReason = true;
        else
            others.push_back({any.type_url(), any.value()});
    }
    return withDetails(result, others);
}

grpc::Status toGrpc(const Status& status) {
    if (status.ok()) return grpc::Status::OK;
    StatusOnTheWire wire = toWire(status);
    return {static_cast<grpc::StatusCode>(wire.code), wire.message, wire.details};
}

Status fromGrpc(const grpc::Status& status) {
    return fromWire({status.error_code(), status.error_message(), status.error_details()});
}

}  // namespace chancery::rpc
