return Lae.Host.LaeHost.Run(args);
