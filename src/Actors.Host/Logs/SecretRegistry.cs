using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Actors.Host.Logs;

/// <summary>
/// The secret values that this process knows, and the names that secrets go by. What it masks never reaches a log. The values are kept as pinned
/// characters, never as strings, and are zero once this is disposed.
/// </summary>
internal sealed class SecretRegistry : IDisposable
{
    public const string Mask = "***";

    /// <summary>Shorter values would mask half of every line, and are no secrets.</summary>
    private const int LengthMin = 6;

    /// <summary>The longest that one character becomes: a backslash, u and four digits, for each half of it.</summary>
    private const int EscapedMax = 12;

    private static readonly string[] Names = ["secret", "apikey", "signature", "password", "passphrase", "token", "authorization"];

    private readonly Lock _adding = new();
    private volatile char[][] _values = [];

    /// <summary>Masks this value, UTF-8, from now on, wherever it appears: as it is, as JSON holds it, as the log escapes either, and as a message quotes it.</summary>
    public void Add(ReadOnlySpan<byte> secret)
    {
        var plain = Pinned(Encoding.UTF8.GetCharCount(secret));
        Encoding.UTF8.GetChars(secret, plain);
        if (plain.Length < LengthMin)
        {
            Clear(plain);
            return;
        }

        var json = Json(plain);
        lock (_adding)
        {
            var values = _values.ToList();
            foreach (var form in new[] { plain, json, LogEscaped(plain), LogEscaped(json), Quoted(plain) })
            {
                if (values.Exists(known => known.AsSpan().SequenceEqual(form))) Clear(form);
                else values.Add(form);
            }

            // Longest first: a secret that contains another is masked whole.
            _values = [.. values.OrderByDescending(value => value.Length)];
        }
    }

    /// <summary>Whether a property of this name is masked whatever it holds; separators and case do not count.</summary>
    public static bool IsSecretName(string name)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Names.Any(secret => plain.EndsWith(secret, StringComparison.Ordinal));
    }

    /// <summary>The text with every known secret masked.</summary>
    public string Cover(string text)
    {
        foreach (var value in _values)
        {
            if (text.AsSpan().IndexOf(value) >= 0) text = Covered(text, value);
        }

        return text;
    }

    /// <summary>Forgets every value: nothing is masked by its value any more.</summary>
    public void Dispose()
    {
        lock (_adding)
        {
            foreach (var value in _values) Clear(value);
            _values = [];
        }
    }

    private static string Covered(ReadOnlySpan<char> text, ReadOnlySpan<char> value)
    {
        var covered = new StringBuilder();
        for (int at; (at = text.IndexOf(value)) >= 0; text = text[(at + value.Length)..]) covered.Append(text[..at]).Append(Mask);
        return covered.Append(text).ToString();
    }

    private static char[] Json(ReadOnlySpan<char> text)
    {
        var room = Pinned(text.Length * EscapedMax);
        if (JavaScriptEncoder.Default.Encode(text, room, out _, out var length) != OperationStatus.Done) throw new InvalidOperationException("a text was longer than it can be when escaped");
        return Cut(room, length);
    }

    /// <summary>The text as the log's own JSON writer escapes it, which is less than the base library does.</summary>
    private static char[] LogEscaped(ReadOnlySpan<char> text)
    {
        const string Digits = "0123456789ABCDEF";
        var room = Pinned(text.Length * EscapedMax);
        var length = 0;
        foreach (var character in text)
        {
            var letter = character switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\f' => 'f', '\t' => 't', _ => '\0' };
            if (letter != '\0' || character < ' ') room[length++] = '\\';
            if (letter != '\0')
            {
                room[length++] = letter;
            }
            else if (character < ' ')
            {
                foreach (var written in (ReadOnlySpan<char>)['u', '0', '0', Digits[character >> 4], Digits[character & 15]]) room[length++] = written;
            }
            else
            {
                room[length++] = character;
            }
        }

        return Cut(room, length);
    }

    private static char[] Quoted(ReadOnlySpan<char> text)
    {
        var room = Pinned(text.Length * 2);
        var length = 0;
        foreach (var character in text)
        {
            if (character == '"') room[length++] = '\\';
            room[length++] = character;
        }

        return Cut(room, length);
    }

    private static char[] Cut(char[] room, int length)
    {
        var cut = Pinned(length);
        room.AsSpan(0, length).CopyTo(cut);
        Clear(room);
        return cut;
    }

    /// <summary>The collector leaves no copy of what it does not move.</summary>
    private static char[] Pinned(int length) => GC.AllocateArray<char>(length, pinned: true);

    private static void Clear(char[] value) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(value.AsSpan()));
}
