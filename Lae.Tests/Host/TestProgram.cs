using Lae.Host;

namespace Lae.Tests.Host;

/// <summary>The program with the fake model at hand: what tests start as a process of its own, to kill it.</summary>
internal static class TestProgram
{
    private static int Main(string[] args) => LaeHost.Run(args, FakeModelFactory.Register);
}
