#pragma once

// For the sources of this folder: what CAs with Fabric CA's REST interface answer.
#include <nlohmann/json.hpp>

#include "src/http/Message.h"
#include "src/interfaces/CertificateAuthority.h"

namespace chancery::client {

using CaJson = nlohmann::ordered_json;

/// DATA_LOSS (UNEXPECTED_ANSWER).
Status unexpectedAnswer(std::string_view what);

/// The error that an answer other than of success stands for; see
/// interfaces/CertificateAuthority.h.
Status refusalOf(const http::Response& response);

/// What stands under "result". UNEXPECTED_ANSWER, or refusalOf.
Result<CaJson> resultOf(const http::Response& response);

/// A text member. UNEXPECTED_ANSWER.
Result<std::string> textIn(const CaJson& object, const char* name);
/// A text member in base64; empty when it is missing.
Result<Bytes> decodedIn(const CaJson& object, const char* name);

Result<interfaces::CaInfo> readInfo(const CaJson& json);
Result<interfaces::CaIdentity> readIdentity(const CaJson& json);
Result<std::vector<interfaces::CaIdentity>> readIdentities(const CaJson& list);
Result<interfaces::Affiliation> readAffiliation(const CaJson& json, int depth = 0);
CaJson writeAttributes(const std::vector<interfaces::CaAttribute>& attributes);

/// Calls `each` for the PEM of every entry of a list of certificates, without a copy of the list.
Status readCertificates(BytesView answer, const std::function<Status(BytesView pem)>& each);

}  // namespace chancery::client
