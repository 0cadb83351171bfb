#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/ca/Attributes.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

/// An attribute that a certificate shall show.
struct AttributeRequest {
    std::string name;
    bool optional = false;
};

/// The JSON object of a request. Names are found in any case, as Go finds them; null counts as
/// missing, unknown names are passed over. The first mistake is remembered. One thread at a time.
class RequestBody {
public:
    /// Nothing at all is an empty object. 400 (BAD_BODY) with line and column: no JSON object, a
    /// name twice (in any case), nested deeper than 16.
    static Result<RequestBody> parse(BytesView text);
    RequestBody(RequestBody&&) noexcept;
    RequestBody& operator=(RequestBody&&) noexcept;
    ~RequestBody();

    /// Whether there was no body.
    bool missing() const { return m_missing; }
    bool has(std::string_view name) const;

    /// Empty when missing. Control characters and more than `most` bytes are mistakes.
    std::string text(std::string_view name, std::size_t most = 256);
    /// As `text`, with line breaks.
    std::string pem(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    bool flag(std::string_view name);
    /// RFC 3339; nothing for Go's zero time (year 1).
    std::optional<absl::Time> time(std::string_view name);
    std::vector<std::string> texts(std::string_view name);
    std::optional<Attributes> attributes(std::string_view name);
    std::optional<std::vector<AttributeRequest>> attributeRequests(std::string_view name);

    /// The first mistake: 400 (BAD_BODY).
    Status finish() const { return m_first; }

    static constexpr std::size_t kMostAttributes = 128;
    static constexpr std::size_t kMostValue = 4096;

private:
    struct Document;
    RequestBody(std::unique_ptr<Document> document, bool missing);
    void fail(std::string_view name, std::string_view what);

    std::unique_ptr<Document> m_document;
    bool m_missing;
    Status m_first;
};

}  // namespace chancery::node
