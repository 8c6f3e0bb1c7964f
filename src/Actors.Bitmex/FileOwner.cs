using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Actors.Bitmex;

/// <summary>
/// Asks Linux what a file is and whose, which the base library does not tell. The layout is that of <c>struct statx</c>, the same on every
/// processor (linux/stat.h).
/// </summary>
[SupportedOSPlatform("linux")]
internal static class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const uint TypeAndOwner = 0x1 | 0x8; // STATX_TYPE | STATX_UID
    private const int StatxBytes = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>The effective user of this process.</summary>
    public static uint Me => geteuid();

    /// <summary>Whether the path, links followed, is an ordinary file; a pipe would hang whoever opens it.</summary>
    public static bool IsRegular(string path)
    {
        var answer = new byte[StatxBytes];
        Check(statx(CurrentDirectory, Encoding.UTF8.GetBytes(path + "\0"), 0, TypeAndOwner, answer));
        return (BinaryPrimitives.ReadUInt16LittleEndian(Native(answer, ModeOffset, 2)) & TypeMask) == RegularFile;
    }

    /// <summary>The user that owns an open file.</summary>
    public static uint Of(SafeFileHandle file)
    {
        var answer = new byte[StatxBytes];
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            Check(statx((int)file.DangerousGetHandle(), [0], EmptyPath, TypeAndOwner, answer));
        }
        finally
        {
            if (held) file.DangerousRelease();
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(Native(answer, OwnerOffset, 4));
    }

    /// <summary>The bytes at an offset, least significant first whatever the machine.</summary>
    private static byte[] Native(byte[] answer, int offset, int length)
    {
        var bytes = answer[offset..(offset + length)];
        if (!BitConverter.IsLittleEndian) Array.Reverse(bytes);
        return bytes;
    }

    private static void Check(int result)
    {
        if (result != 0) throw new IOException($"its owner cannot be asked for: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

#pragma warning disable SYSLIB1054 // generated marshalling would need unsafe code for two calls that pass numbers and arrays
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int directory, byte[] path, int flags, uint mask, [Out] byte[] answer);
#pragma warning restore SYSLIB1054
}
