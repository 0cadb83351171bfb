#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace chancery::http {

/// DER of the certificates that a server shows in a TLS handshake, its own first. Nothing is
/// trusted and nothing is sent: the connection ends as soon as they are here, also when the server
/// wants a certificate of ours. Blocks. UNAVAILABLE: CONNECTION_REFUSED, TLS_HANDSHAKE_FAILED;
/// DEADLINE_EXCEEDED (TIMED_OUT).
Result<std::vector<Bytes>> presentedCertificates(const std::string& host, std::uint16_t port,
                                                 Deadline deadline);

}  // namespace chancery::http
