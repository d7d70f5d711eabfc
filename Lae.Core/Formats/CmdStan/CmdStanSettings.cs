namespace Lae.Formats.CmdStan;

/// <summary>What the head of a file says of the chain that it holds.</summary>
/// <param name="Model">The model's name; characters other than letters, digits, _ and - become _.</param>
/// <param name="Chain">Number of the chain, from 1.</param>
/// <param name="Samples">Transitions after warm-up, 0 or more; every <paramref name="Thin"/>-th is kept.</param>
/// <param name="Warmup">Transitions of the warm-up, 0 or more.</param>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Thin">1 or more. Default 1.</param>
/// <param name="SavesWarmup">Whether draws of the warm-up come first. Default false.</param>
/// <param name="Algorithm">The kernel: <c>hmc</c> for NUTS and Hamiltonian Monte Carlo, otherwise its own name in lower case. Default <c>hmc</c>.</param>
/// <param name="Engine">With <c>hmc</c>: <c>nuts</c> or <c>static</c>. Default <c>nuts</c>.</param>
/// <param name="Metric">The mass matrix: <c>unit_e</c>, <c>diag_e</c> or <c>dense_e</c>. Default <c>diag_e</c>.</param>
/// <param name="TargetAcceptance">That to which the step size was adapted, in (0, 1); null if it was not.</param>
/// <param name="MaximumDepth">The limit of NUTS's doublings; null for kernels without one.</param>
/// <param name="LibraryVersion">Version of Lae.</param>
public sealed record CmdStanSettings(
    string Model,
    int Chain,
    int Samples,
    int Warmup,
    ulong Seed,
    int Thin = 1,
    bool SavesWarmup = false,
    string Algorithm = "hmc",
    string Engine = "nuts",
    string Metric = "diag_e",
    double? TargetAcceptance = null,
    int? MaximumDepth = null,
    string LibraryVersion = "");
