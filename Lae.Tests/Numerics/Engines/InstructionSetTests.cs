using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lae.Numerics.Engines.Managed;

namespace Lae.Tests.Numerics.Engines;

/// <summary>What the environment turns off is off: a run of the suite on a narrower path proves nothing if the runtime did not take the setting.</summary>
public class InstructionSetTests
{
    private static bool IsOff(string name) => Environment.GetEnvironmentVariable(name) == "0";

    [Fact]
    public void Registers_of_512_bits_are_off_where_the_environment_says_so()
    {
        if (IsOff("DOTNET_EnableAVX512") || IsOff("DOTNET_EnableAVX2") || IsOff("DOTNET_EnableHWIntrinsic"))
        {
            Assert.False(Avx512F.IsSupported);
            Assert.False(Vector512.IsHardwareAccelerated);
            Assert.True(ManagedEngine.WidestRegister <= 256);
        }
    }

    [Fact]
    public void Registers_of_256_bits_are_off_where_the_environment_says_so()
    {
        if (IsOff("DOTNET_EnableAVX2") || IsOff("DOTNET_EnableHWIntrinsic"))
        {
            Assert.False(Avx2.IsSupported);
            Assert.False(Vector256.IsHardwareAccelerated);
            Assert.Equal(128, ManagedEngine.WidestRegister);
        }
    }

    [Fact]
    public void Nothing_is_accelerated_where_the_environment_says_so()
    {
        if (IsOff("DOTNET_EnableHWIntrinsic"))
        {
            Assert.False(Sse41.IsSupported);
            Assert.False(Vector128.IsHardwareAccelerated);
        }
    }
}
