#include "ui/models/EvidenceReportPdf.h"

#include <QBuffer>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QTextDocument>

namespace chancery::ui {
namespace {

/// Never fetches anything, whatever the text refers to.
class ClosedDocument : public QTextDocument {
protected:
    QVariant loadResource(int, const QUrl&) override { return {}; }
};

}  // namespace

Result<Bytes> evidenceReportPdf(const std::string& html, const std::string& title) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setPdfVersion(QPagedPaintDevice::PdfVersion_A1b);
        writer.setTitle(QString::fromStdString(title));
        writer.setCreator(QStringLiteral("Chancery"));
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF(18, 18, 18, 20), QPageLayout::Millimeter);
        writer.setResolution(300);
        ClosedDocument document;
        QFont font;
        font.setFamilies({QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"),
                          QStringLiteral("Noto Sans CJK SC"), QStringLiteral("Droid Sans Fallback"),
                          QStringLiteral("WenQuanYi Zen Hei")});
        font.setPointSizeF(9);
        document.setDefaultFont(font);
        document.setHtml(QString::fromStdString(html));
        document.print(&writer);
    }
    if (buffer.data().isEmpty())
        return makeError(StatusCode::kInternal, "NO_PDF", "the report could not be drawn as PDF");
    return Bytes(buffer.data().constData(), static_cast<std::size_t>(buffer.data().size()));
}

}  // namespace chancery::ui
