using System.Text;
using FeedService.Syndication.Html;

namespace FeedService.Syndication.Formats;

internal ref partial struct MarkupReader
{
    /// <summary>Text that turns into HTML when its first element comes.</summary>
    private struct MixedText()
    {
        private readonly StringBuilder _value = new();
        private readonly Stack<string> _names = new();
        private bool _isMarkup;

        public readonly void Text(string text) => _value.Append(_isMarkup ? HtmlText.Escape(text) : text);

        /// <summary>A CDATA section among elements is text that was not worth escaping.</summary>
        public readonly void Section(string text) => Text(text);

        public void ToMarkup()
        {
            if (_isMarkup)
                return;
            _isMarkup = true;
            var text = _value.ToString();
            _value.Clear().Append(HtmlText.Escape(text));
        }

        public readonly void StartTag(string name)
        {
            _value.Append('<').Append(name);
            _names.Push(name);
        }

        public readonly void Attribute(ReadOnlySpan<char> name, string value) => _value.Append(' ').Append(name).Append("=\"").Append(HtmlText.Escape(value)).Append('"');

        public readonly void EndOfStartTag(bool isVoid)
        {
            _value.Append(isVoid ? " />" : ">");
            if (isVoid)
                _names.Push(_names.Pop() + "/");
        }

        public readonly void EndTag()
        {
            if (_names.TryPop(out var name) && !name.EndsWith('/'))
                _value.Append("</").Append(name).Append('>');
        }

        public override readonly string ToString() => _value.ToString().Trim();

        public static bool IsVoid(ReadOnlySpan<char> name) =>
            name is "br" or "hr" or "img" or "input" or "wbr" or "col" or "area" or "embed" or "param" or "track" or "BR" or "HR" or "IMG";
    }
}
