#include "node/contract/Script.h"

#include "node/contract/Utf16.h"
#include "src/base/Encoding.h"

namespace chancery::node::contract::script {
namespace {

void deleteBytes(void* /*bytes*/, void* owner) {
    delete static_cast<Bytes*>(owner);
}

}  // namespace

String makeString(BytesView text) {
    // The engine keeps short forms of ASCII; its function ends at a zero byte.
    if (isAscii(text) && text.find('\0') == BytesView::npos)
        return String(JSStringCreateWithUTF8CString(std::string(text).c_str()));
    const std::u16string wide = toUtf16(text);
    return String(
        JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(wide.data()), wide.size()));
}

JSValueRef makeText(JSContextRef context, BytesView text) {
    return JSValueMakeString(context, makeString(text).get());
}

JSValueRef makeBytes(JSContextRef context, Bytes bytes) {
    auto owner = std::make_unique<Bytes>(std::move(bytes));
    char* data = owner->data();
    const std::size_t size = owner->size();
    return JSObjectMakeArrayBufferWithBytesNoCopy(context, data, size, deleteBytes, owner.release(),
                                                  nullptr);
}

JSValueRef makeError(JSContextRef context, std::string_view message) {
    const JSValueRef text = makeText(context, message);
    return JSObjectMakeError(context, 1, &text, nullptr);
}

Bytes toBytes(JSStringRef text) {
    return toUtf8(reinterpret_cast<const char16_t*>(JSStringGetCharactersPtr(text)),
                  JSStringGetLength(text));
}

Bytes textOf(JSContextRef context, JSValueRef value) {
    const String text(JSValueToStringCopy(context, value, nullptr));
    return text ? toBytes(text.get()) : Bytes();
}

Result<Bytes> bytesOf(JSContextRef context, JSValueRef value) {
    if (JSValueIsString(context, value)) return textOf(context, value);
    const JSTypedArrayType type = JSValueGetTypedArrayType(context, value, nullptr);
    if (type == kJSTypedArrayTypeNone)
        return chancery::makeError(StatusCode::kInvalidArgument, "NOT_BYTES",
                                   "expected a string or bytes");
    const JSObjectRef object = JSValueToObject(context, value, nullptr);
    if (type == kJSTypedArrayTypeArrayBuffer) {
        const auto* data =
            static_cast<const char*>(JSObjectGetArrayBufferBytesPtr(context, object, nullptr));
        const std::size_t size = JSObjectGetArrayBufferByteLength(context, object, nullptr);
        return data == nullptr ? Bytes() : Bytes(data, size);
    }
    // The pointer is that of the whole buffer, which the array may be a part of.
    const std::size_t size = JSObjectGetTypedArrayByteLength(context, object, nullptr);
    const std::size_t offset = JSObjectGetTypedArrayByteOffset(context, object, nullptr);
    const auto* data =
        static_cast<const char*>(JSObjectGetTypedArrayBytesPtr(context, object, nullptr));
    return data == nullptr ? Bytes() : Bytes(data + offset, size);
}

JSValueRef property(JSContextRef context, JSObjectRef object, const char* name) {
    const JSValueRef value = JSObjectGetProperty(context, object, makeString(name).get(), nullptr);
    return value == nullptr ? JSValueMakeUndefined(context) : value;
}

void setProperty(JSContextRef context, JSObjectRef object, const char* name, JSValueRef value) {
    JSObjectSetProperty(context, object, makeString(name).get(), value, kJSPropertyAttributeNone,
                        nullptr);
}

Thrown describe(JSContextRef context, JSValueRef exception) {
    Thrown thrown;
    thrown.message = textOf(context, exception);
    if (JSValueIsObject(context, exception)) {
        const JSObjectRef object = JSValueToObject(context, exception, nullptr);
        if (const JSValueRef message = property(context, object, "message");
            JSValueIsString(context, message))
            thrown.message = textOf(context, message);
        if (const JSValueRef stack = property(context, object, "stack");
            JSValueIsString(context, stack))
            thrown.stack = textOf(context, stack);
    }
    return thrown;
}

}  // namespace chancery::node::contract::script
